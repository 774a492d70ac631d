/** `ganglion --help`. It asks no server. */
export const OVERVIEW = `ganglion <service> <operation> [input ...] [options]

  ganglion services                       what runs, and what it can do
  ganglion <service> --help               its operations
  ganglion <service> <operation> --help   its arguments, with an example

The service may be left out while only one has such an operation: ganglion detect photo.jpg. An input is a file, or text
where the operation takes text; - is standard input; each of several inputs has its own answer, in order. For operations
without files, a .json file is the whole input.

  --<field> <value>  a field of the input; a list is the same option again, or JSON; an object is JSON
  --input <file>     the whole input as JSON; - is standard input; options overrule it; {"inputs": [...]} asks many at once
                     where the operation takes that
  --json             answers as the API sends them, a line each; so it is where the output is no terminal
  --url, --key       the server and the API key; else GANGLION_URL and GANGLION_API_KEY, else what npm start announces in
                     .ganglion/endpoint.json (GANGLION_HOME) of this folder or one above
  --timeout <s>      how long a call may take, in seconds (600)
  --help, --version

Exit codes: 0 answered; 1 the server refused the input or failed; 2 wrong usage, or a file that cannot be read; 3 no server
answers; 4 no API key, or one that may not do this; 130 Ctrl-C.
`;

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { operation } from '../../test/api.fixture.js';
import { buildInputs } from './build-inputs.js';
import { coerceValue } from './coerce-value.js';
import { readCommandLine } from './command-line.js';
import { readFieldOptions } from './field-options.js';
import { Sources } from './sources.js';

describe('readCommandLine', () => {
  it('tells the words of the command from options, wherever those of every command stand', () => {
    const { words, options } = readCommandLine([
      '--url',
      'http://h',
      'nlp',
      'sentiment',
      '--json',
      'a',
      '--x',
      'b',
    ]);
    expect(words).toEqual(['nlp', 'sentiment', 'a']);
    expect(options).toMatchObject({ url: 'http://h', json: true, help: false, timeoutMs: 600_000 });
  });

  it.each([
    [['--hlep'], 'there is no option --hlep. Did you mean --help?'],
    [['nlp', '--url'], '--url needs a value.'],
    [['nlp', '--json=yes'], '--json takes no value.'],
    [['nlp', '--timeout', 'soon'], '--timeout takes seconds'],
  ])('refuses %j', (args, message) => expect(() => readCommandLine(args)).toThrow(message));
});

describe('coerceValue', () => {
  const nullable = { anyOf: [{ type: 'number' }, { type: 'null' }] };
  it.each([
    [{ type: 'number' }, '-1.5e3', -1_500],
    [{ type: 'integer' }, '7', 7],
    [{ type: 'boolean' }, 'false', false],
    [{ type: 'string' }, '7', '7'],
    [{ enum: ['a', 'b'] }, 'b', 'b'],
    [{ enum: [1, 2] }, '2', 2],
    [{ type: 'object' }, '{"a":[1]}', { a: [1] }],
    [nullable, 'null', null],
    [{ type: ['string', 'number'] }, '3', 3],
  ])('makes of %j and %j its value', (schema, text, value) =>
    expect(coerceValue(schema, text, '--x')).toEqual(value),
  );

  it.each([
    [{ type: 'number', minimum: 0, maximum: 1 }, 'much', '--x takes a number from 0 to 1, not "much".'],
    [{ type: 'number' }, '', '--x takes a number, not "".'],
    [{ type: 'boolean' }, 'yes', '--x takes true or false, not "yes".'],
    [{ type: 'string', enum: ['a', 'b'] }, 'c', '--x takes a or b, not "c".'],
    [{ type: 'object' }, '{', '--x takes a JSON object, not "{".'],
  ])('refuses for %j the text %j', (schema, text, message) =>
    expect(() => coerceValue(schema, text, '--x')).toThrow(message),
  );
});

describe('readFieldOptions', () => {
  const { fields } = operation('vision', 'faces.detect');
  const read = (...args: string[]) => Object.fromEntries(readFieldOptions(args, fields).fields);

  it('takes a field by its option or its name, a list value by value or as JSON', () => {
    expect(read('--min-score', '0.5', '--labels', 'cat', '--labels=dog')).toEqual({
      minScore: 0.5,
      labels: ['cat', 'dog'],
    });
    expect(read('--minScore=0.5', '--labels', '["cat"]', '--image', 'a.png')).toEqual({
      minScore: 0.5,
      labels: ['cat'],
      image: 'a.png',
    });
  });

  it('takes a flag without a value, and negative numbers and dashes as they are meant', () => {
    const found = readFieldOptions(['--strict', 'a.json', '--', '-5'], operation('fraud', 'score').fields);
    expect(found).toEqual({ positionals: ['a.json', '-5'], fields: new Map([['strict', true]]) });
    expect(read('--min-score', '-1')).toEqual({ minScore: -1 });
  });

  it.each([
    [
      ['--min-scor', '1'],
      'no option --min-scor. Did you mean --min-score? Taken are: --image, --min-score, --labels',
    ],
    [['--min-score', '1', '--min-score', '2'], '--min-score is given twice'],
    [['--min-score'], '--min-score needs a value.'],
    [['-5'], 'Text that starts with a dash comes after --.'],
  ])('refuses %j', (args, message) => expect(() => read(...args)).toThrow(message));
});

describe('buildInputs', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ganglion-cli-'));
    await writeFile(join(folder, 'input.json'), '{"transaction":{"amount":1},"text":"of a file"}');
    await writeFile(join(folder, 'list.json'), '[]');
    await writeFile(join(folder, 'broken.json'), '{');
    await writeFile(join(folder, 'latin'), Buffer.from([0xe9]));
    await writeFile(join(folder, 'empty'), '');
    await writeFile(join(folder, 'a.png'), 'png');
  });
  afterAll(() => rm(folder, { recursive: true }));

  const notes: string[] = [];
  const build = async (
    [service, name]: [string, string],
    given: {
      positionals?: string[];
      fields?: Record<string, unknown>;
      whole?: string;
      stdin?: string | Buffer;
    },
  ) => {
    const { positionals = [], fields = {}, whole, stdin = '' } = given;
    const named = (text: string) => text.replace('@', `${folder}/`);
    const inputs = await buildInputs(
      operation(service, name),
      {
        positionals: positionals.map(named),
        fields: new Map(Object.entries(fields)),
        whole: whole && named(whole),
      },
      {
        sources: new Sources({ stdin: Readable.from([Buffer.from(stdin)]) }),
        note: (line) => notes.push(line),
      },
    );
    return inputs.map(({ value }) => value);
  };

  it('fills the text with each bare argument, or with standard input without its last line break', async () => {
    expect(await build(['nlp', 'sentiment'], { positionals: ['a', 'b'] })).toEqual([
      { text: 'a' },
      { text: 'b' },
    ]);
    expect(await build(['nlp', 'sentiment'], { positionals: ['-'], stdin: 'a\n\n' })).toEqual([
      { text: 'a\n' },
    ]);
    expect(await build(['nlp', 'sentiment'], { positionals: ['@input.json'] })).toEqual([
      { text: 'of a file', transaction: { amount: 1 } },
    ]);
  });

  it('says so when text names a file', async () => {
    await build(['nlp', 'sentiment'], { positionals: ['@a.png'] });
    expect(notes).toEqual([
      expect.stringContaining('is sent as text. To send what the file of that name holds'),
    ]);
  });

  it('fills media with files and standard input', async () => {
    const positionals = ['@a.png', '-'];
    const [first, second] = await build(['vision', 'faces.detect'], { positionals, stdin: 'x' });
    expect(await (first?.['image'] as Blob).text()).toBe('png');
    expect(await (second?.['image'] as Blob).text()).toBe('x');
    const [third] = await build(['vision', 'faces.detect'], { fields: { image: join(folder, 'a.png') } });
    expect(third?.['image']).toBeInstanceOf(Blob);
  });

  it('takes a whole input from a file or standard input, which options overrule', async () => {
    expect(
      await build(['fraud', 'score'], { positionals: ['@input.json'], fields: { strict: true } }),
    ).toEqual([{ transaction: { amount: 1 }, text: 'of a file', strict: true }]);
    expect(await build(['fraud', 'score'], { whole: '-', stdin: '{"transaction":{}}' })).toEqual([
      { transaction: {} },
    ]);
    expect(await build(['nlp', 'sentiment'], { whole: '-', stdin: '{"inputs":[{}]}' })).toEqual([
      { inputs: [{}] },
    ]);
  });

  it.each([
    ['nothing', {}, 'image must be given: ganglion vision faces detect <image> [options]'],
    ['a missing file', { positionals: ['@no.png'] }, /there is no file .+no\.png\./],
    ['a folder', { positionals: ['@'] }, 'is a folder, not a file.'],
    ['an empty file', { positionals: ['@empty'] }, 'empty is empty.'],
    ['empty standard input', { positionals: ['-'] }, 'standard input is empty.'],
    ['standard input twice', { positionals: ['-', '-'], stdin: 'x' }, 'standard input can be read once'],
  ])('refuses %s', async (_what, given, message) => {
    await expect(build(['vision', 'faces.detect'], given)).rejects.toThrow(message);
  });

  it('refuses a field that is given twice', async () => {
    const given = { positionals: ['a'], fields: { text: 'b' } };
    await expect(build(['nlp', 'sentiment'], given)).rejects.toThrow(
      'text is given twice: as --text and as "a".',
    );
  });

  it.each([
    ['no JSON', '@broken.json', 'broken.json is no JSON'],
    ['another JSON', '@list.json', 'list.json must hold one JSON object'],
    ['no UTF-8', '@latin', 'latin is not UTF-8'],
  ])('refuses a whole input that is %s', async (_what, path, message) => {
    await expect(build(['fraud', 'score'], { positionals: [path] })).rejects.toThrow(message);
  });
});

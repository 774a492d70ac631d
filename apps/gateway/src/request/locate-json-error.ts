/**
 * Says where a text stops being JSON. `JSON.parse` only sometimes does, and quotes the text, which may be private.
 *
 * @source RFC 8259
 */
export function locateJsonError(text: string): string {
  const offset = new Scanner(text).firstError();
  const before = text.slice(0, offset).split('\n');
  const place = `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
  return endsTooEarly(text, offset) ? `it ends too early, at ${place}` : `it goes wrong at ${place}`;
}

function endsTooEarly(text: string, offset: number): boolean {
  return offset === text.length || (text.length - offset < 6 && CUT_TOKEN.test(text.slice(offset)));
}

/** What is left of a token that is cut in its middle: of an escape, a word, or a number. */
const CUT_TOKEN = /^(?:\\(?:u[\dA-Fa-f]{0,3})?|t|tr|tru|f|fa|fal|fals|n|nu|nul|-|\.|[eE][+-]?)$/;

const SPACE = /[ \t\n\r]*/y;
const SCALAR = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4})/y;

/** What may come next. */
type Expected = 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'separator';

class Scanner {
  private at = 0;
  /** The lists (`]`) and objects (`}`) that are open, by how they close. */
  private readonly open: (']' | '}')[] = [];

  constructor(private readonly text: string) {}

  /** @returns the offset of the first character that cannot be, or the text's length when it ends too early. */
  firstError(): number {
    let expected: Expected | undefined = 'value';
    for (;;) {
      this.take(SPACE);
      if (expected === 'separator' && this.open.length === 0) return this.at;
      const next: Expected | undefined = this.step(expected);
      if (next === undefined) return this.at;
      expected = next;
    }
  }

  private step(expected: Expected): Expected | undefined {
    const character = this.text[this.at];
    const closes = this.open.at(-1);
    if (character === closes && closes !== undefined && expected !== 'value' && expected !== 'key') {
      this.at += 1;
      this.open.pop();
      return 'separator';
    }
    if (expected === 'separator') return this.separator(character, closes);
    if (expected === 'key' || expected === 'key-or-end') return this.key();
    return this.value(character);
  }

  private separator(character: string | undefined, closes: ']' | '}' | undefined): Expected | undefined {
    if (character !== ',') return undefined;
    this.at += 1;
    return closes === '}' ? 'key' : 'value';
  }

  private key(): Expected | undefined {
    if (!this.string()) return undefined;
    this.take(SPACE);
    if (this.text[this.at] !== ':') return undefined;
    this.at += 1;
    return 'value';
  }

  private value(character: string | undefined): Expected | undefined {
    if (character === '[' || character === '{') {
      this.at += 1;
      this.open.push(character === '[' ? ']' : '}');
      return character === '[' ? 'value-or-end' : 'key-or-end';
    }
    return this.string() || this.take(SCALAR) ? 'separator' : undefined;
  }

  /** A broken string is wrong where it breaks, not where it begins. */
  private string(): boolean {
    if (this.text[this.at] !== '"') return false;
    this.at += 1;
    while (this.at < this.text.length) {
      const character = this.text[this.at] ?? '';
      if (character === '\\') {
        if (!this.take(ESCAPE)) return false;
      } else if (character < ' ') {
        return false;
      } else {
        this.at += 1;
        if (character === '"') return true;
      }
    }
    return false;
  }

  /** @returns whether something was taken. */
  private take(pattern: RegExp): boolean {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text);
    if (match === null || match[0] === '') return false;
    this.at += match[0].length;
    return true;
  }
}

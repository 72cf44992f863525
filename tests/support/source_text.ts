/**
 * TypeScript as a checker of rules sees it: code without comments, and string literals apart.
 *
 * A scanner, not a parser: it knows comments, strings, nested templates and regular expressions,
 * which is all that it takes to tell code from text.
 *
 * @module
 */

/** The two halves of a source file. */
export interface SourceText {
  /** The code; comments, strings and regular expressions are blanks, lines stay where they are. */
  code: string;
  /** Contents of all string literals, in order. */
  strings: string[];
}

/** A `/` after one of these begins a regular expression; after anything else it divides. */
const BEFORE_REGULAR_EXPRESSION = /(^|[(,=:[!&|?{};+\-*%<>~^]|\b(return|typeof|case|of|in))\s*$/;

/** Takes a source file apart. */
export function readSource(text: string): SourceText {
  return new Scanner(text).run();
}

class Scanner {
  readonly #text: string;
  readonly #strings: string[] = [];
  #code = "";
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  run(): SourceText {
    this.#scanCode("");
    return { code: this.#code, strings: this.#strings };
  }

  /** Reads code up to the brace that ends it, or to the end of the file. */
  #scanCode(end: string): void {
    let depth = 0;
    while (this.#at < this.#text.length) {
      const char = this.#text.charAt(this.#at);
      if (char === end && depth === 0) return;
      if (char === "{") depth++;
      if (char === "}") depth--;
      if (this.#text.startsWith("//", this.#at)) this.#blankTo(this.#text.indexOf("\n", this.#at));
      else if (this.#text.startsWith("/*", this.#at)) {
        this.#blankTo(this.#text.indexOf("*/", this.#at + 2) + 2);
      } else if (char === '"' || char === "'") this.#scanString(char);
      else if (char === "`") this.#scanTemplate();
      else if (char === "/" && BEFORE_REGULAR_EXPRESSION.test(this.#code.slice(-20))) {
        this.#scanRegularExpression();
      } else {
        this.#code += char;
        this.#at++;
      }
    }
  }

  #scanString(quote: string): void {
    let end = this.#at + 1;
    while (end < this.#text.length && this.#text.charAt(end) !== quote) {
      end += this.#text.charAt(end) === "\\" ? 2 : 1;
    }
    this.#strings.push(this.#text.slice(this.#at + 1, end));
    this.#code += quote;
    this.#at++;
    this.#blankTo(end);
    this.#code += quote;
    this.#at++;
  }

  #scanTemplate(): void {
    let from = ++this.#at;
    this.#code += "`";
    while (this.#at < this.#text.length && this.#text.charAt(this.#at) !== "`") {
      if (this.#text.startsWith("${", this.#at)) {
        this.#strings.push(this.#text.slice(from, this.#at));
        this.#code += "${";
        this.#at += 2;
        this.#scanCode("}");
        from = this.#at + 1;
      } else if (this.#text.charAt(this.#at) === "\\") this.#blankTo(this.#at + 1);
      this.#blankTo(this.#at + 1);
    }
    this.#strings.push(this.#text.slice(from, this.#at));
    this.#code += "`";
    this.#at++;
  }

  #scanRegularExpression(): void {
    let inClass = false;
    let end = this.#at + 1;
    for (; end < this.#text.length; end++) {
      const char = this.#text.charAt(end);
      if (char === "\n" || (char === "/" && !inClass)) break;
      if (char === "\\") end++;
      else if (char === "[") inClass = true;
      else if (char === "]") inClass = false;
    }
    this.#blankTo(end + 1);
    // Stands for a value, so that a division after it is one.
    this.#code += "0";
  }

  #blankTo(end: number): void {
    // What has no end goes on to the end of the file; what is empty has one.
    const to = end < this.#at ? this.#text.length : end;
    this.#code += this.#text.slice(this.#at, to).replaceAll(/[^\n]/g, " ");
    this.#at = to;
  }
}

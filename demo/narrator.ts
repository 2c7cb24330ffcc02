import { stripVTControlCharacters, styleText } from 'node:util';
import type { Account, Answer, Call } from './https-call.js';

type Style = Parameters<typeof styleText>[0];

const INDENT = '   ';
const TOKEN_CHARACTERS_SHOWN = 4;

/** Prints the demo. Uses colours on a terminal unless NO_COLOR is set. */
export class Narrator {
  readonly #hasColour: boolean;

  constructor(private readonly out: NodeJS.WriteStream) {
    this.#hasColour = out.isTTY && process.env['NO_COLOR'] === undefined;
  }

  title(text: string): void {
    this.#line(this.#styled('bold', text));
  }

  step(number: number, title: string): void {
    this.#line('');
    this.#line(this.#styled(['bold', 'cyan'], `${String(number).padStart(2)} ${title}`));
  }

  note(text: string): void {
    this.#block(text);
  }

  /** @param output what the command printed, with tokens masked by the caller */
  command(words: readonly string[], output: string): void {
    this.#block(this.#styled('bold', `$ npm run -s gateway -- ${words.join(' ')}`));
    this.#block(this.#styled('dim', output.trim()));
  }

  call({ method, host, path, form, json, account }: Call, port: number): void {
    this.#block(this.#styled('bold', `${method} https://${host}:${port}${path}`));
    if (account !== undefined) {
      this.#block(`Authorization: Basic ${account.email}:${maskToken(account.token)}`);
    }
    for (const [name, value] of Object.entries(form ?? {})) this.#block(`${name} = ${value}`);
    if (json !== undefined) this.#block(JSON.stringify(json));
  }

  /** @param summary printed instead of the full answer */
  answer({ status, text, body }: Answer, summary?: string): void {
    this.#block(this.#styled(status < 400 ? 'green' : 'yellow', `-> ${status}`));
    const whole = body === null ? text : JSON.stringify(body, null, 2);
    this.#block(this.#styled('dim', summary ?? whole));
  }

  success(text: string): void {
    this.#block(this.#styled('green', `ok: ${text}`));
  }

  failure(text: string): void {
    this.#line('');
    this.#line(this.#styled(['bold', 'red'], text));
  }

  #block(text: string): void {
    for (const line of text.split('\n')) this.#line(`${INDENT}${line}`);
  }

  #styled(style: Style, text: string): string {
    return this.#hasColour ? styleText(style, text, { validateStream: false }) : text;
  }

  #line(text: string): void {
    this.out.write(`${this.#hasColour ? text : stripVTControlCharacters(text)}\n`);
  }
}

function maskToken(token: string): string {
  return `${token.slice(0, TOKEN_CHARACTERS_SHOWN)}...`;
}

/** The text with the account's token masked. */
export function maskTokenIn(text: string, { token }: Account): string {
  return text.replaceAll(token, maskToken(token));
}

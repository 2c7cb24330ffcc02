import { BASE_DOMAIN, type GatewayProcess } from './gateway-process.js';
import { httpsCall, type Account, type Answer, type Call } from './https-call.js';
import { maskTokenIn, type Narrator } from './narrator.js';

/** Something differs from what the story promises. The message is a whole sentence. */
export class Unexpected extends Error {}

/** One scene. It throws Unexpected as soon as anything differs. */
export interface Step {
  readonly title: string;
  readonly play: (stage: Stage) => Promise<void>;
}

/** A running gateway, and what the steps do with it in front of the audience. */
export class Stage {
  constructor(
    readonly gateway: GatewayProcess,
    private readonly narrator: Narrator,
  ) {}

  /** `eu.onetime.localhost` */
  hostOf(region: string): string {
    return `${region}.${BASE_DOMAIN}`;
  }

  /** Sends a request and shows it with its answer. */
  async call(call: Call): Promise<Answer> {
    const port = this.gateway.ports.https;
    this.narrator.call(call, port);
    const answer = await httpsCall({ port, root: this.gateway.root }, call);
    this.narrator.answer(answer);
    return answer;
  }

  /** Makes an account with the operator's command line. */
  async createAccount(region: string, email: string, plan: string): Promise<Account> {
    const words = ['account', 'create', '--region', region, '--email', email, '--plan', plan];
    const { code, stdout, stderr } = await this.gateway.command([...words, '--json']);
    if (code !== 0)
      throw new Unexpected(`The command line ended with exit code ${code}: ${stderr}`);
    const created = JSON.parse(stdout) as Account & { readonly region: string };
    this.narrator.command([...words, '--json'], maskTokenIn(stdout, created));
    this.expect(
      created.email === email && created.region === region && /^[0-9a-f]{40}$/.test(created.token),
      `${email} has an account in ${region} and a token of 40 hexadecimal digits`,
    );
    return created;
  }

  /** Says so when it holds, and ends the story when it does not. */
  expect(holds: boolean, promise: string): void {
    if (!holds) throw new Unexpected(`This does not hold: ${promise}.`);
    this.narrator.success(promise);
  }

  note(text: string): void {
    this.narrator.note(text);
  }
}

/** A field that the story goes on with. */
export function textField(answer: Answer, name: string): string {
  const value = answer.body?.[name];
  if (typeof value !== 'string' || value === '') {
    throw new Unexpected(`The answer has no text in its field ${name}.`);
  }
  return value;
}

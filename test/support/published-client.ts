// A program of its own: runs the tasks of its first argument (JSON) with `onetimesecret-api` and prints the outcomes.
import { createRequire } from 'node:module';

export interface ClientTask {
  readonly url: string;
  readonly login: string;
  readonly token: string;
  /** The name of a method of the client. */
  readonly method: string;
  readonly parameters: readonly unknown[];
}

/** What the method resolved to, or the class and message that it rejected with. */
export type ClientOutcome =
  { readonly value: unknown } | { readonly error: string; readonly message: string };

interface Client {
  readonly [method: string]: (...parameters: readonly unknown[]) => Promise<unknown>;
}

interface Package {
  readonly OneTimeSecretApi: new (login: string, token: string, options: object) => Client;
}

// The package's main entry is a .ts file.
const { OneTimeSecretApi } = createRequire(import.meta.url)(
  'onetimesecret-api/index.js',
) as Package;

const tasks = JSON.parse(process.argv[2] ?? '[]') as readonly ClientTask[];
const outcomes: ClientOutcome[] = [];
for (const task of tasks) outcomes.push(await run(task));
process.stdout.write(JSON.stringify(outcomes));

async function run({ url, login, token, method, parameters }: ClientTask): Promise<ClientOutcome> {
  try {
    const client = new OneTimeSecretApi(login, token, { url });
    return { value: await client[method]?.(...parameters) };
  } catch (error) {
    const { constructor, message } = error as Error;
    return { error: constructor.name, message };
  }
}

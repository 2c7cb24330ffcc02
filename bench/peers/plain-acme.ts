import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { Agent } from 'node:https';
import { axios, Client, crypto } from 'acme-client';
import type { Work } from '../comparison.js';
import { answerQuestions } from '../worker.js';

/** Orders by acme-client alone: no database, no look at DNS or routing, nothing sealed or kept. */
export interface PlainAcme {
  readonly directoryUrl: string;
  /** PEM file of the root for the CA's own server. */
  readonly caFile: string;
  /** Where the CA validates by http-01. */
  readonly httpPort: number;
  readonly names: readonly string[];
  readonly parallel: number;
}

answerQuestions<PlainAcme, Work>(async ({ directoryUrl, caFile, httpPort, names, parallel }) => {
  axios.defaults.httpsAgent = new Agent({ ca: readFileSync(caFile), keepAlive: true });
  const answers = new Map<string, string>();
  const responder = createServer((request, response) => {
    response.end(answers.get((request.url ?? '').split('/').at(-1) ?? ''));
  });
  await new Promise<void>((resolve) => responder.listen(httpPort, '127.0.0.1', resolve));
  const client = new Client({
    directoryUrl,
    accountKey: await crypto.createPrivateEcdsaKey(),
    // By default it sleeps for five seconds before it asks again.
    backoffAttempts: 50,
    backoffMin: 50,
    backoffMax: 500,
  });
  await client.createAccount({ termsOfServiceAgreed: true });

  const order = async (name: string): Promise<void> => {
    const [, csr] = await crypto.createCsr(
      { altNames: [name] },
      await crypto.createPrivateEcdsaKey(),
    );
    await client.auto({
      csr,
      termsOfServiceAgreed: true,
      challengePriority: ['http-01'],
      skipChallengeVerification: true,
      challengeCreateFn: async (_, { token }, keyAuthorization) => {
        answers.set(token, keyAuthorization);
      },
      challengeRemoveFn: async (_, { token }) => {
        answers.delete(token);
      },
    });
  };

  const waiting = [...names];
  const startedAt = performance.now();
  const work = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) await order(name);
  };
  await Promise.all(Array.from({ length: parallel }, work));
  const seconds = (performance.now() - startedAt) / 1000;
  responder.closeAllConnections();
  await new Promise((resolve) => responder.close(resolve));
  return { operations: names.length, seconds };
});

import { AsyncLocalStorage } from 'node:async_hooks';

/** Whoever is not a client of ours: background loops, start, shutdown. They are one requester. */
const OURSELVES = 'ourselves';

const requester = new AsyncLocalStorage<string>();

/** Runs `work`, and all that it starts, on behalf of a client: its network, by which fair lines take turns. */
export function onBehalfOf<Result>(network: string, work: () => Result): Result {
  return requester.run(network, work);
}

/** The network of the client on whose behalf the running code works. */
export function currentRequester(): string {
  return requester.getStore() ?? OURSELVES;
}

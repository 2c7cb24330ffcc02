import { AsyncLocalStorage } from 'node:async_hooks';

/** On whose behalf code runs. Fair lines take turns by `key`. */
interface Requester {
  readonly key: string;
  /** Our own work, such as a background loop, rather than a client's. */
  readonly isOurselves: boolean;
}

/** Whoever is neither a client nor a loop: start, shutdown. */
const OURSELVES: Requester = { key: 'ourselves', isOurselves: true };

const requester = new AsyncLocalStorage<Requester>();

/** Runs `work`, and all that it starts, on behalf of a client: its network, by which fair lines take turns. */
export function onBehalfOf<Result>(network: string, work: () => Result): Result {
  return requester.run({ key: network, isOurselves: false }, work);
}

/** Runs `work`, and all that it starts, as our own work, even if a client's request has caused it. */
export function onOurOwnBehalf<Result>(name: string, work: () => Result): Result {
  return requester.run({ key: name, isOurselves: true }, work);
}

/** On whose behalf the running code works. */
export function currentRequester(): Requester {
  return requester.getStore() ?? OURSELVES;
}

import { poll } from './polling.js';

const answers = (...values: string[]) => {
  let asked = 0;
  return {
    asked: () => asked,
    ask: () => {
      const value = values[Math.min(asked, values.length - 1)]!;
      asked += 1;
      return Promise.resolve({ value, retryAfterSeconds: null });
    },
  };
};

const inAnHour = () => Promise.resolve({ value: 'pending', retryAfterSeconds: 3600 });

describe('poll', () => {
  it('polls until the answer is final', async () => {
    const { ask, asked } = answers('pending', 'pending', 'valid', 'never');
    const { value } = await poll(ask, (status) => status === 'valid', { budget: 60_000 });
    expect(value).toBe('valid');
    expect(asked()).toBe(3);
  });

  it('returns the last answer when the budget is used up', async () => {
    const { ask, asked } = answers('pending');
    const { value } = await poll(ask, (status) => status === 'valid', { budget: 300 });
    expect(value).toBe('pending');
    expect(asked()).toBe(2);
  });

  it('does not wait for a Retry-After', async () => {
    const answer = await poll(inAnHour, (status) => status === 'valid', { budget: 7_200_000 });
    expect(answer).toEqual({ value: 'pending', retryAfterSeconds: 3600 });
  });

  it('ends a wait when the signal is aborted', async () => {
    const stopping = new AbortController();
    const options = { budget: 7_200_000, signal: stopping.signal };
    const polling = poll(answers('pending').ask, (status) => status === 'valid', options);
    stopping.abort();
    await expect(polling).rejects.toThrow();
  });
});

import { Webhook } from 'standardwebhooks';
import { newWebhookSecret, signatureHeaders } from './webhook-secret.js';

describe('the secret of a webhook', () => {
  it('has 32 random bytes, and signs what the published library verifies', () => {
    const [one, other] = [newWebhookSecret(), newWebhookSecret()];
    expect(one).not.toBe(other);
    expect(Buffer.from(one.slice('whsec_'.length), 'base64')).toHaveLength(32);
    const timestampSeconds = Math.floor(Date.now() / 1000);
    const payload = JSON.stringify({ type: 'x', data: { text: 'é' } });
    const headers = signatureHeaders({ id: 'a', timestampSeconds, payload }, [one]);
    expect(new Webhook(one).verify(payload, headers)).toEqual(JSON.parse(payload));
    expect(() => new Webhook(other).verify(payload, headers)).toThrow();
    const both = signatureHeaders({ id: 'a', timestampSeconds, payload }, [one, other]);
    for (const secret of [one, other]) new Webhook(secret).verify(payload, both);
  });
});

import { GatewayProcess } from './gateway-process.js';
import { V1Caller } from './v1-caller.js';

export const SENDER_EMAIL = 'sender@example.com';

/** A gateway for the tests of a file, and two callers of its API v1: one without and one with an account. */
export function v1Scene() {
  let gateway: GatewayProcess;
  let anonymous: V1Caller;
  let sender: V1Caller;
  beforeAll(async () => {
    gateway = await GatewayProcess.start();
    anonymous = new V1Caller(gateway, 'eu');
    sender = new V1Caller(gateway, 'eu', await gateway.account('eu', SENDER_EMAIL));
  });
  afterAll(() => gateway.stop());
  return {
    get gateway() {
      return gateway;
    },
    get anonymous() {
      return anonymous;
    },
    get sender() {
      return sender;
    },
  };
}

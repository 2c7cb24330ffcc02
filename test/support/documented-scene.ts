import { join } from 'node:path';
import { LocalAuthority } from '../../src/certificates/issuers/local-authority.js';
import { SystemClock } from '../../src/shared/clock.js';
import { requireHostname } from '../../src/shared/hostname.js';
import type { DomainClient, DomainRecord } from './domain-client.js';
import { call, type Answer } from './https-client.js';
import type { LocalScene } from './domain-scene-local.js';
import { ONE_PIXEL, type PathValues, type Preparations } from './operation-calls.js';

/** What the operations of domains need beside their examples, for a customer of the scene. */
export function domainPreparations(scene: LocalScene, customer: DomainClient): Preparations {
  const provenId = async ({ id = '' }: PathValues): Promise<void> => {
    const domain = await customer.get(id);
    if (domain.ownership.state === 'verified') return;
    scene.publish(domain);
    await customer.verify(id);
  };
  const withImage = (kind: string) => ({
    before: async ({ id = '' }: PathValues): Promise<void> => {
      const target = scene.gateway.target('eu.onetime.localhost');
      const { auth } = customer;
      await call(target, {
        method: 'PUT',
        path: `/api/domains/${id}/${kind}`,
        auth,
        body: ONE_PIXEL,
      });
    },
  });
  return {
    getLogo: withImage('logo'),
    getDarkLogo: withImage('logo-dark'),
    getIcon: withImage('icon'),
    // The example's name can be claimed again once nobody has it.
    claimDomain: { before: () => removeAll(customer) },
    uploadCertificate: {
      before: provenId,
      body: async ({ id = '' }) => certificateFor(scene, await customer.get(id)),
    },
    returnToIssuedCertificates: { before: provenId },
    offerDomain: { before: provenId },
    cancelDomainOffer: {
      before: async (values) => {
        await provenId(values);
        await customer.send('POST', `/${values['id'] ?? ''}/transfer`);
      },
    },
    // From the other region: the answer has a move.
    acceptDomain: { body: () => givenDomain(scene, 'us', 'eu') },
    takeName: {
      body: async () => ({ ...(await givenDomain(scene, 'eu', 'us')), region: 'us' }),
    },
  };
}

/** What the operations of the account need beside their examples. */
export function accountPreparations(
  send: (method: string, path: string) => Promise<Answer>,
): Preparations {
  return {
    // The example's name can be used again once no token has it.
    createToken: {
      before: async () => {
        const { records } = (await send('GET', '/tokens')).json<{
          records: { id: string; is_current: boolean }[];
        }>();
        for (const { id } of records.filter((token) => !token.is_current))
          await send('DELETE', `/tokens/${id}`);
      },
    },
    createWebhook: {
      before: async () => {
        const { records } = (await send('GET', '/webhooks')).json<{ records: { id: string }[] }>();
        for (const { id } of records) await send('DELETE', `/webhooks/${id}`);
      },
    },
    closeAccount: {
      body: async () => {
        const { record } = (await send('GET', '/closing')).json<{
          record: { confirmation: string };
        }>();
        return { confirmation: record.confirmation };
      },
    },
  };
}

let givers = 0;

/** The code of a domain that another customer gives away. */
async function givenDomain(
  scene: LocalScene,
  from: string,
  region: string,
): Promise<{ readonly code: string }> {
  givers += 1;
  const giver = await scene.customer(`giver-${givers}@example.com`, from);
  const domain = await giver.claim(`given-${givers}.acme.test`);
  scene.publish(domain);
  await giver.verify(domain.id);
  const offered = await giver.send('POST', `/${domain.id}/transfer`, { region });
  return { code: offered.json<{ transfer: { code: string } }>().transfer.code };
}

async function removeAll(customer: DomainClient): Promise<void> {
  const { records } = (await customer.send('GET', '')).json<{ records: DomainRecord[] }>();
  for (const { id } of records) await customer.send('DELETE', `/${id}`);
}

/** The body of an upload: a certificate of the gateway's local authority. */
async function certificateFor({ gateway }: LocalScene, { hostname }: DomainRecord) {
  const authority = await LocalAuthority.open(join(gateway.dataDir, 'ca'), new SystemClock());
  const { privateKeyPem, chainPem } = await authority.issue(requireHostname(hostname));
  return { private_key: privateKeyPem, chain: `${chainPem}${gateway.ca}` };
}

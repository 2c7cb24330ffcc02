import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { AccountScene, heading, press, shown, WAYS } from '../support/account-scene.js';
import { clickThrough, describeInChromium } from '../support/chromium.js';
import { until } from '../support/until.js';

describeInChromium('the pages of webhooks', () => {
  const taken: { readonly headers: Record<string, string>; readonly body: string }[] = [];
  let target: Server;
  let url: string;
  let answer = 204;
  let scene: AccountScene;

  beforeAll(async () => {
    scene = await AccountScene.start({ GATEWAY_WEBHOOK_PRIVATE_TARGETS: '127.0.0.0/8' });
    target = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        taken.push({ headers: request.headers as Record<string, string>, body });
        response.writeHead(answer).end();
      });
    });
    await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(target.address() as AddressInfo).port}/hook`;
  });
  afterAll(async () => {
    await scene.stop();
    target.closeAllConnections();
    target.close();
  });

  it.each(WAYS)('are made, tried, changed and removed, %s', async (_way, javaScriptEnabled) => {
    const { page, faults, close } = await scene.openSignedIn(await scene.anOwner(), {
      javaScriptEnabled,
    });
    await page.goto('/account');
    await clickThrough(page.getByRole('link', { name: 'Webhooks' }));
    await page.getByLabel('Name').fill('audit');
    await page.getByLabel('URL').fill('https://user:word@hooks.example.com/');
    await page.getByLabel('A domain changed').uncheck();
    await press(page, 'Make the webhook');
    expect(await page.getByRole('alert').innerText()).toContain('This URL cannot be used');
    expect(await page.getByLabel('Name').inputValue()).toBe('audit');
    expect(await page.getByLabel('A domain changed').isChecked()).toBe(false);
    await page.getByLabel('URL').fill(url);
    await press(page, 'Make the webhook');
    const secret = await page.getByLabel('Secret').inputValue();
    await clickThrough(page.getByRole('link', { name: 'Go to the webhook' }));
    expect(await page.content()).not.toContain(secret);

    const before = taken.length;
    await press(page, 'Send a test event');
    await until('the test event is taken', () => taken.length === before + 1);
    const { body, headers } = taken.at(-1)!;
    expect(new Webhook(secret).verify(body, headers)).toMatchObject({ type: 'webhook.test' });
    await until('its answer is shown', async () => {
      await clickThrough(page.getByRole('link', { name: 'Load again' }));
      return (await page.locator('tbody tr').count()) === 1;
    });
    expect(await page.locator('tbody').innerText()).toMatch(/webhook\.test[^]*204/);

    await page.getByText('Change it', { exact: true }).click();
    await page.getByLabel('Name').fill('books');
    await press(page, 'Save');
    expect(await heading(page)).toBe('The webhook books');
    expect(await page.locator('dl').innerText()).not.toContain('A domain changed');
    await page.getByText('A new secret', { exact: true }).click();
    await page.getByLabel('The secret before ends').selectOption('at once');
    await press(page, 'Make a new secret');
    expect(await page.getByLabel('Secret').inputValue()).not.toBe(secret);
    await clickThrough(page.getByRole('link', { name: 'Go to the webhook' }));
    await press(page, 'Switch it off');
    expect(await shown(page)).toContain('It was switched off, and sends nothing.');
    await press(page, 'Switch it on');
    expect(await page.locator('dl').innerText()).toContain('On');
    await page.getByText('Remove this webhook').click();
    await press(page, 'Remove it now');
    expect(await shown(page)).toContain('There is none yet.');
    expect(scene.gateway.logs).not.toContain(secret);
    expect(faults).toEqual([]);
    await close();
  });

  it('say what went wrong, and refuse the same name', async () => {
    const { page, close } = await scene.openSignedIn(await scene.anOwner());
    const make = async (): Promise<void> => {
      await page.goto('/account/webhooks');
      await page.getByLabel('Name').fill('audit');
      await page.getByLabel('URL').fill(url);
      await press(page, 'Make the webhook');
    };
    await make();
    await make();
    expect(await page.getByRole('alert').innerText()).toBe('You have a webhook of this name.');
    await clickThrough(page.getByRole('link', { name: 'audit' }));
    answer = 500;
    await press(page, 'Send a test event');
    await until('its answer is shown', async () => {
      await clickThrough(page.getByRole('link', { name: 'Load again' }));
      return (await page.locator('tbody tr').count()) === 1;
    });
    expect(await page.locator('tbody .badge.bad').innerText()).toBe('500');
    answer = 204;
    await close();
  });

  it('of another account are not there', async () => {
    const owner = await scene.anOwner();
    const made = await scene.gateway.call('eu', {
      path: '/api/account/webhooks',
      auth: owner.auth,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'theirs', url, events: ['secret.created'] }),
    });
    const { id } = made.json<{ record: { id: string } }>().record;
    const { page, close } = await scene.openSignedIn(await scene.anOwner());
    await page.goto('/account/webhooks');
    expect(await shown(page)).not.toContain('theirs');
    for (const unknown of [id, 'x']) {
      await page.goto(`/account/webhooks/${unknown}`);
      expect(await heading(page)).toBe('Page not found');
    }
    await close();
  });
});

import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import decodeQr from 'qr/decode.js';
import sharp from 'sharp';
import { heading, PASSWORD, press, signIn, signUp } from '../support/browser-people.js';
import {
  beginApp,
  codeOf,
  confirmApp,
  expectSound,
  mainText,
  SecurityPeople,
  signOut,
} from '../support/browser-security.js';
import { clickThrough, describeInChromium, openPage, startChromium } from '../support/chromium.js';
import { GatewayProcess } from '../support/gateway-process.js';

let gateway: GatewayProcess;
let browser: Browser;
let origin: string;
let people: SecurityPeople;

describeInChromium('by browser', () => {
  beforeAll(async () => {
    gateway = await GatewayProcess.start();
    browser = await startChromium();
    origin = `https://eu.onetime.localhost:${gateway.ports.https}`;
    people = new SecurityPeople(gateway, browser, origin);
  });
  afterAll(async () => {
    await browser.close();
    await gateway.stop();
  });

  it('an app is set up without JavaScript, asked for, stood in for by recovery codes, and ends', async () => {
    const { page, faults, close } = await openPage(browser, origin, { javaScriptEnabled: false });
    const email = people.newAddress();
    await signUp(gateway, page, email);
    const secret = await beginApp(page);
    await page.getByLabel('Code that the app shows').fill('000 000');
    await press(page, 'Switch it on');
    expect(await page.getByRole('alert').innerText()).toContain('not right');
    expect(await page.getByLabel('Or type this key into the app').inputValue()).toBe(secret);
    const shown = codeOf(secret, 0);
    const codes = await confirmApp(page, shown);
    expect(codes).toHaveLength(10);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      press(page, 'Download as text'),
    ]);
    expect(download.suggestedFilename()).toBe('recovery-codes-eu.onetime.localhost.txt');
    const file = readFileSync(await download.path(), 'utf8').split('\r\n');
    expect(file[0]).toContain(email);
    expect(file.slice(2, -1)).toEqual(codes);
    await clickThrough(page.getByRole('link', { name: 'I have kept them' }));
    expect(await mainText(page)).toContain('10 recovery codes are left.');

    await signOut(page);
    await signIn(page, email);
    expect(await heading(page)).toBe('One more step');
    for (const code of ['000000', shown]) {
      await page.getByLabel('Code').fill(code);
      await press(page, 'Go on');
      expect(await page.getByRole('alert').innerText()).toContain('not right');
    }
    // The next one counts already, whether or not the app shows it by now.
    await page.getByLabel('Code').fill(codeOf(secret, 1));
    await press(page, 'Go on');
    expect(await heading(page)).toBe('Your account');
    expect(await mainText(page)).toMatch(/Authenticator app\s+On/);

    await signOut(page);
    await page.goto('/sign-in?to=%2Faccount%2Fsecurity');
    await page.getByLabel('E-mail address').fill(email);
    await page.getByLabel('Password').fill(PASSWORD);
    await press(page, 'Sign in');
    await page.getByLabel('Code').fill(` ${codes[0]?.toUpperCase().replaceAll('-', ' ')}`);
    await press(page, 'Go on');
    expect(page.url()).toBe(`${origin}/account/security`);
    expect(await mainText(page)).toContain('9 recovery codes are left.');

    await page.getByText('Make new recovery codes').click();
    await press(page, 'Make new ones now');
    expect(await page.getByRole('alert').innerText()).toBe('The codes before are void.');
    const renewed = (await page.getByLabel('Recovery codes').inputValue()).split('\n');
    expect(renewed.filter((code) => codes.includes(code))).toEqual([]);
    // The answer has the new token of the session: its forms work.
    await Promise.all([page.waitForEvent('download'), press(page, 'Download as text')]);
    await clickThrough(page.getByRole('link', { name: 'I have kept them' }));
    await page.getByText('Switch the app off').click();
    await press(page, 'Switch it off now');
    await signOut(page);
    await signIn(page, email);
    expect(await heading(page)).toBe('Your account');
    expect(faults).toEqual([]);
    await close();
  });

  it('an app is set up by its QR code, which stays the same until it is confirmed', async () => {
    const { page, faults, close, email } = await people.signedUp();
    const secret = await beginApp(page);
    const picture = await page.getByRole('img', { name: 'QR code' }).screenshot();
    const { data, info } = await sharp(picture).removeAlpha().raw().toBuffer({
      resolveWithObject: true,
    });
    const uri = new URL(decodeQr({ data, width: info.width, height: info.height }));
    expect([uri.protocol, uri.searchParams.get('secret')]).toEqual(['otpauth:', secret]);
    expect(decodeURIComponent(uri.pathname)).toContain(`eu.onetime.localhost:${email}`);
    await page.reload();
    expect(await page.getByLabel('Or type this key into the app').inputValue()).toBe(secret);

    await people.makeStale(email);
    await page.getByLabel('Code that the app shows').fill(codeOf(secret, -1));
    await press(page, 'Switch it on');
    await page.getByLabel('Password').fill(PASSWORD);
    await press(page, 'Sign in');
    expect(page.url()).toBe(`${origin}/account/security/app`);
    expect(await page.getByLabel('Or type this key into the app').inputValue()).toBe(secret);
    await confirmApp(page, codeOf(secret, 0));
    await expectSound(page);
    // Who comes back sees no code any more, and nothing to confirm.
    await page.goto('/account/security/app');
    expect(page.url()).toBe(`${origin}/account/security`);
    expect(faults).toEqual([]);
    await close();
  });

  it('the last wrong code ends the sign-in, and says so', async () => {
    const { page, close, email } = await people.signedUp();
    await confirmApp(page, codeOf(await beginApp(page), 0));
    await signOut(page);
    await signIn(page, email);
    for (let left = 5; left > 0; left -= 1) {
      await page.getByLabel('Code').fill('wrong');
      await press(page, 'Go on');
    }
    expect(await heading(page)).toBe('Sign in');
    expect(await page.getByRole('alert').innerText()).toContain('last try');
    await close();
  });
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { ConfigError } from '../config/config-error.js';
import { requireHostname } from '../shared/hostname.js';
import { HostBrand } from './host-brand.js';
import { tabIconPath } from './images/brand-images.js';

const HOST = requireHostname('eu.onetime.example');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'brand-'));
  const image = sharp({ create: { width: 90, height: 30, channels: 3, background: '#123456' } });
  await writeFile(join(folder, 'logo.png'), await image.png().toBuffer());
  await writeFile(join(folder, 'logo.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
});
afterAll(() => rm(folder, { recursive: true }));

async function load(content: object | string): Promise<HostBrand> {
  const file = join(folder, 'brand.json');
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  return HostBrand.load(HOST, file);
}

describe('the brand of the host', () => {
  it('has the name of the host without a file', async () => {
    const { brand } = await HostBrand.load(HOST, null);
    expect([brand.productName, brand.logo]).toEqual([HOST, null]);
  });

  it('is what the file says, with the images beside it', async () => {
    const host = await load({
      product_name: 'Example Secrets',
      primary_color: '#7a1f5c',
      logo: 'logo.png',
      icon: './logo.png',
    });
    const { brand } = host;
    expect(brand).toMatchObject({
      productName: 'Example Secrets',
      light: { action: '#7A1F5C' },
      logo: { width: 90, height: 30 },
      logoDark: null,
    });
    for (const image of [brand.logo, brand.icon]) {
      const path = image?.path ?? '';
      expect(host.fileOf(path)).not.toBeNull();
      expect(host.fileOf(path.replace(/-\w{16}/, '-0123456789abcdef'))).toBeNull();
    }
    expect(host.fileOf(brand.icon ? tabIconPath(brand.icon) : '')).not.toBeNull();
    expect(host.fileOf('/brand/logo-dark-0123456789abcdef.png')).toBeNull();
  });

  it.each([
    ['no JSON', 'x', /is no JSON/],
    ['an unknown field', { colour: '#123456' }, /colour/],
    ['a wrong value', { primary_color: 'blue' }, /primary_color: expected a colour/],
    [
      'colours that cannot be read',
      { primary_color: '#FFFF00' },
      /brand\.json: primary_color.*nearest.*#/,
    ],
    ['an image that is not there', { logo: 'none.png' }, /none\.png cannot be read \(ENOENT\)/],
    ['an SVG', { logo: 'logo.svg' }, /logo\.svg|kind/],
  ])('is refused by name with %s', async (_name, content, message) => {
    const error = await load(content).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as ConfigError).message).toMatch(/^GATEWAY_BRAND_FILE: /);
    expect((error as ConfigError).message).toMatch(message);
  });

  it('is refused when the file is not there', async () => {
    await expect(HostBrand.load(HOST, join(folder, 'none.json'))).rejects.toThrow(
      /none\.json cannot be read \(ENOENT\)/,
    );
  });
});

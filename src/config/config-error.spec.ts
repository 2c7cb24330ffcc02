import { ConfigError } from './config-error.js';

describe(ConfigError.name, () => {
  it('says what two regions have in common once', () => {
    const wrong = { variable: 'GATEWAY_BRAND_FILE', message: 'brand.json is no JSON' };
    const other = { variable: 'GATEWAY_HTTPS_PORT', message: 'expected a port number' };
    expect(new ConfigError([wrong, other, wrong]).message).toBe(
      'GATEWAY_BRAND_FILE: brand.json is no JSON\nGATEWAY_HTTPS_PORT: expected a port number',
    );
  });
});

import type { TokenScope } from '../../../src/accounts/tokens/token-scope.js';
import { OPERATOR } from '../../../src/accounts/tokens/tokens.service.js';
import { ScopeGuard } from '../../../src/auth/scope.guard.js';
import { basic, startCell, type Cell } from './auth-cell.js';

const email = 'several@example.com';
let eu: Cell;
beforeAll(async () => {
  eu = await startCell('eu');
  await eu.accounts.create(email, 'basic');
});
afterAll(() => eu.close());

async function withScopes(...scopes: TokenScope[]): Promise<string> {
  const { id } = await eu.accounts.get(email);
  const request = { name: scopes.join(' '), scopes, expiresInSeconds: null };
  return basic(email, (await eu.tokens.create(id, request, OPERATOR)).value);
}

describe(ScopeGuard.name, () => {
  it('opens a route to a token that has its scope, to anonymous callers, and to no other token', async () => {
    const [reader, creator] = [await withScopes('read'), await withScopes('create', 'account')];
    expect(await eu.get('/reads', reader)).toBe('read');
    expect(await eu.get('/reads')).toBe('no token');
    expect(await eu.get('/reads', creator)).toBe('forbidden');
    expect(await eu.get('/who', creator)).toBe(email);
  });

  it('refuses every token a route that names no scope', async () => {
    expect(await eu.get('/unmarked')).toBe('reached');
    expect(await eu.get('/unmarked', await withScopes('read', 'account'))).toBe('forbidden');
  });
});

import type { CDPSession, Page } from 'playwright-core';

/** The authenticator of a page's browser, as a phone or a laptop has one: it keeps passkeys and verifies its person. */
export class VirtualAuthenticator {
  private constructor(
    private readonly session: CDPSession,
    private readonly id: string,
  ) {}

  /** @param isAnswering whether its person answers at once; also offers of the browser that nobody chose */
  static async of(page: Page, isAnswering = true): Promise<VirtualAuthenticator> {
    const session = await page.context().newCDPSession(page);
    await session.send('WebAuthn.enable');
    const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: isAnswering,
      },
    });
    return new VirtualAuthenticator(session, authenticatorId);
  }

  /** Whether its person answers from now on. */
  async answers(isAnswering: boolean): Promise<void> {
    await this.session.send('WebAuthn.setAutomaticPresenceSimulation', {
      authenticatorId: this.id,
      enabled: isAnswering,
    });
  }

  /** Whether its person is recognised from now on. */
  async recognises(isUserVerified: boolean): Promise<void> {
    await this.session.send('WebAuthn.setUserVerified', {
      authenticatorId: this.id,
      isUserVerified,
    });
  }

  /** How many passkeys it has. */
  async count(): Promise<number> {
    const { credentials } = await this.session.send('WebAuthn.getCredentials', {
      authenticatorId: this.id,
    });
    return credentials.length;
  }
}

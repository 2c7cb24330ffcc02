import { Injectable } from '@nestjs/common';
import { Clock } from '../../shared/clock.js';
import { CertificateSettings } from '../certificate-settings.js';
import { AcmeAccounts } from './acme-accounts.js';
import { AcmeIssuer } from './acme-issuer.js';
import { type Issuer, Issuers } from './issuer.js';
import { LocalIssuer } from './local-issuer.js';

/** The configured CAs, or the local authority if there is none. */
@Injectable()
export class ConfiguredIssuers extends Issuers {
  override readonly list: readonly Issuer[];

  constructor(settings: CertificateSettings, accounts: AcmeAccounts, clock: Clock) {
    super();
    const { cas, localAuthority, usesPersist } = settings;
    this.list = cas.map((ca) => new AcmeIssuer(ca, accounts, clock, usesPersist));
    if (cas.length === 0 && localAuthority !== null)
      this.list = [new LocalIssuer(localAuthority, clock)];
  }
}

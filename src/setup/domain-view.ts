import type { CertificateView } from '../certificates/certificate-view.js';
import type { Diagnosis } from '../domains/diagnosis/diagnosis.js';
import type { Domain } from '../domains/domain.js';
import type { SetupLinks } from '../domains/connect/setup-offers.js';
import type { SetupPicture } from '../domains/connect/setup-picture.js';
import type { DomainFacts } from '../domains/domain-facts.js';
import type { DomainMove } from '../domains/domain-move.js';
import type { TransferOffer } from '../domains/transfer-offer.js';
import type { OtherName } from '../domains/domains.service.js';
import type { Serving } from './serving.js';

/** The input of an answer about one domain. */
export interface DomainView {
  readonly domain: Domain;
  readonly facts: DomainFacts;
  readonly diagnosis: Diagnosis;
  /** NO_CERTIFICATE until the claim is proven: before that, the name's certificate may be another account's. */
  readonly certificate: CertificateView;
  readonly serving: Serving;
  /** Whether the DNS provider can make the records; null: Domain Connect is off. */
  readonly connect: SetupPicture | null;
  /** To the DNS provider. Null: none is offered, or the view is not for the claim's owner alone. */
  readonly links: SetupLinks | null;
  /** Null: nobody was offered the domain, or the offer was used or cancelled. */
  readonly transfer: TransferOffer | null;
  /** The newest move to or from another region; null: there was none. */
  readonly move: DomainMove | null;
  /** Null where the name belongs to no pair, and where the account has not claimed the other one. */
  readonly otherName: OtherName | null;
}

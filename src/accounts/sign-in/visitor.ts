import type { Language } from '../../shared/language.js';
import type { ClientNetworks, Network } from '../../shared/network.js';
import type { SessionId } from '../sessions/session.js';

/** The browser that signs in, signs up or changes what protects an account. */
export interface Visitor {
  /** Versionless, such as `Firefox, Linux`; null: unknown. */
  readonly agent: string | null;
  readonly network: Network;
  readonly client: ClientNetworks;
  /** In which its mails are written. */
  readonly language: Language;
  /** Its session until now, which a sign-in replaces; null: none. */
  readonly sessionId: SessionId | null;
}

/** The message as it leaves, and its envelope. */
export interface ComposedMail {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly raw: Buffer;
}

/** Hands mails on: to a server, or into a folder. */
export abstract class MailSender {
  /** False: it can hand on nothing. */
  abstract readonly isAvailable: boolean;

  /**
   * Resolves when the mail was taken.
   * @param begin awaited right before the message leaves; if it resolves to false, nothing leaves
   * @throws MailProblem
   */
  abstract send(mail: ComposedMail, begin: () => Promise<boolean>): Promise<void>;
}

export type MailProblemKind =
  'tls' | 'connection' | 'timeout' | 'sign_in' | 'refused' | 'protocol' | 'not_ours' | 'folder';

/** Why a mail was not taken. Its texts have no address and nothing that the mail says. */
export class MailProblem extends Error {
  constructor(
    readonly kind: MailProblemKind,
    /** The recipient's fault, so another attempt is of no use. */
    readonly isFinal: boolean,
    options: { readonly status?: number | undefined; readonly code?: string | undefined } = {},
  ) {
    const { status, code } = options;
    super([kind, status, code].filter((part) => part !== undefined).join(' '));
    this.name = 'MailProblem';
  }
}

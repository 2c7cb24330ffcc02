/** The texts of all mails in one language. `when` is a day and a time, `host` a tenant's, `domain` a customer's own. */
export interface MailMessages {
  /** Below every mail. */
  readonly sentBy: (host: string) => string;
  /** Labels of links. */
  readonly refuse: { readonly notices: string; readonly links: string };
  readonly link: {
    readonly subject: (sender: string) => string;
    readonly heading: string;
    readonly lead: (sender: string, host: string) => string;
    readonly action: string;
    readonly once: (when: string) => string;
    readonly passphrase: string;
    readonly unexpected: string;
  };
  readonly opened: {
    readonly subject: string;
    readonly heading: string;
    readonly lead: (created: string, host: string) => string;
    readonly recipient: (masked: string) => string;
    readonly at: (when: string) => string;
    readonly unexpected: string;
  };
  readonly domainGiven: {
    readonly subject: (domain: string) => string;
    readonly heading: string;
    readonly lead: (domain: string) => string;
    readonly secrets: string;
    readonly unexpected: string;
  };
  readonly proofMissing: {
    readonly subject: (domain: string) => string;
    readonly heading: string;
    readonly lead: (domain: string, since: string) => string;
    readonly consequence: (lapses: string) => string;
    readonly remedy: string;
  };
  readonly certificateTrouble: {
    readonly subject: (domain: string) => string;
    readonly heading: string;
    readonly renewal: (domain: string) => string;
    readonly uploaded: (domain: string) => string;
    readonly until: (when: string) => string;
    readonly ended: (when: string) => string;
    readonly remedy: string;
    readonly uploadAgain: string;
  };
  readonly certificateRenewed: {
    readonly subject: (domain: string) => string;
    readonly heading: string;
    readonly lead: (domain: string) => string;
    readonly until: (when: string) => string;
  };
  /** Of the proofs that both addresses are read by the owner of an account. */
  readonly address: {
    readonly oldSubject: string;
    readonly newSubject: string;
    readonly usedSubject: string;
    readonly changedSubject: string;
    readonly old: (email: string) => string;
    readonly new: string;
    readonly code: (code: string) => string;
    readonly until: (when: string) => string;
    readonly ignore: string;
    readonly ignoreNew: string;
    readonly used: string;
    readonly changed: (email: string) => string;
    readonly undo: string;
  };
  readonly webhookDisabled: {
    readonly subject: (name: string) => string;
    readonly heading: string;
    readonly failing: (name: string, host: string) => string;
    readonly gone: (name: string, host: string) => string;
    readonly remedy: string;
  };
  /** Of signing up and in, and of what protects an account. */
  readonly signIn: SignInMessages;
}

export interface SignInMessages {
  readonly signUp: LinkMessages;
  readonly known: LinkMessages;
  readonly password: LinkMessages;
  readonly unknownSubject: string;
  readonly unknown: (host: string) => string;
  readonly unknownRemedy: string;
  readonly once: (when: string) => string;
  readonly changedBy: (when: string, browser: string, network: string) => string;
  readonly unknownBrowser: string;
  readonly undo: string;
  readonly passwordChanged: NoticeMessages;
  readonly passwordRemoved: NoticeMessages;
  readonly passkeyAdded: NamedNoticeMessages;
  readonly passkeyRemoved: NamedNoticeMessages;
  readonly secondFactorOn: NoticeMessages;
  readonly secondFactorOff: NoticeMessages;
  readonly recoveryCodesRenewed: NoticeMessages;
  readonly recoveryCodeUsed: {
    readonly subject: string;
    readonly lead: (host: string, left: number) => string;
  };
}

interface LinkMessages {
  readonly subject: string;
  readonly lead: (host: string) => string;
  readonly action: string;
  readonly ignore: string;
}

interface NoticeMessages {
  readonly subject: string;
  readonly lead: (host: string) => string;
}

interface NamedNoticeMessages {
  readonly subject: string;
  readonly lead: (host: string, name: string) => string;
}

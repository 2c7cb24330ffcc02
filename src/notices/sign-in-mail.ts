import { PASSWORD_LINK_PATH, SIGN_UP_LINK_PATH } from '../accounts/links/link-token.js';
import type {
  LinkMessage,
  NoticeMessage,
  SignInMessage,
} from '../accounts/sign-in/sign-in-message.js';
import { instantIn } from './instant.js';
import type { MailBody } from './mail-body.js';
import type { MailBrand } from './mail-brand.js';
import { MESSAGES } from './mail-messages.js';
import type { SignInMessages } from './messages/messages.js';

/** What is said about signing up and in. @param now the instant of the change that is told */
export function signInBody(message: SignInMessage, brand: MailBrand, now: Date): MailBody {
  if ('token' in message) return linkBody(message, brand);
  if ('by' in message) return noticeBody(message, brand, now);
  const { signIn: texts } = MESSAGES[message.language];
  const paragraphs = [texts.unknown(brand.host), texts.unknownRemedy];
  return bodyOf(message, brand, { subject: texts.unknownSubject, paragraphs });
}

function linkBody(message: LinkMessage, brand: MailBrand): MailBody {
  const { kind, token, expiresAt, language } = message;
  const { signIn: texts } = MESSAGES[language];
  const [own, path] = {
    sign_up_link: [texts.signUp, SIGN_UP_LINK_PATH] as const,
    sign_up_known: [texts.known, PASSWORD_LINK_PATH] as const,
    password_link: [texts.password, PASSWORD_LINK_PATH] as const,
  }[kind];
  return {
    ...bodyOf(message, brand, { subject: own.subject, paragraphs: [own.lead(brand.host)] }),
    action: { label: own.action, url: `${brand.origin}${path}${token}` },
    remarks: [texts.once(instantIn(language, expiresAt)), own.ignore],
  };
}

function noticeBody(message: NoticeMessage, brand: MailBrand, now: Date): MailBody {
  const { language, by } = message;
  const { signIn: texts } = MESSAGES[language];
  const { subject, lead } = noticeTexts(message, brand.host, texts);
  const agent = by.agent ?? texts.unknownBrowser;
  const changed = texts.changedBy(instantIn(language, now), agent, by.network);
  return bodyOf(message, brand, { subject, paragraphs: [lead, changed, texts.undo] });
}

function noticeTexts(
  message: NoticeMessage,
  host: string,
  texts: SignInMessages,
): { readonly subject: string; readonly lead: string } {
  switch (message.kind) {
    case 'passkey_added':
    case 'passkey_removed': {
      const own = message.kind === 'passkey_added' ? texts.passkeyAdded : texts.passkeyRemoved;
      return { subject: own.subject, lead: own.lead(host, message.name) };
    }
    case 'recovery_code_used': {
      const own = texts.recoveryCodeUsed;
      return { subject: own.subject, lead: own.lead(host, message.codesLeft) };
    }
    case 'password_changed':
    case 'password_removed':
    case 'second_factor_on':
    case 'second_factor_off':
    case 'recovery_codes_renewed': {
      const own = {
        password_changed: texts.passwordChanged,
        password_removed: texts.passwordRemoved,
        second_factor_on: texts.secondFactorOn,
        second_factor_off: texts.secondFactorOff,
        recovery_codes_renewed: texts.recoveryCodesRenewed,
      }[message.kind];
      return { subject: own.subject, lead: own.lead(host) };
    }
  }
}

function bodyOf(
  { language }: SignInMessage,
  { host }: MailBrand,
  { subject, paragraphs }: Pick<MailBody, 'subject' | 'paragraphs'>,
): MailBody {
  const footer = MESSAGES[language].sentBy(host);
  return {
    subject,
    heading: subject,
    paragraphs,
    action: null,
    remarks: [],
    footer,
    unsubscribe: null,
  };
}

import { CreateAccounts1795430000000 } from './1795430000000-create-accounts.js';
import { CreateSecrets1795430000001 } from './1795430000001-create-secrets.js';
import { CreateDomains1795430000002 } from './1795430000002-create-domains.js';
import { CreateCertificates1795430000003 } from './1795430000003-create-certificates.js';
import { AddPassphraseRule1795430000004 } from './1795430000004-add-passphrase-rule.js';
import { CreateHealthChecks1795430000005 } from './1795430000005-create-health-checks.js';
import { CreateLimits1795430000006 } from './1795430000006-create-limits.js';
import { IndexRecurringWork1795430000008 } from './1795430000008-index-recurring-work.js';
import { IndexMetrics1795430000009 } from './1795430000009-index-metrics.js';
import { CreatePresses1795430000011 } from './1795430000011-create-presses.js';
import { CreateCaFailures1795430000007 } from './1795430000007-create-ca-failures.js';
import { ExtendAccounts1795430000013 } from './1795430000013-extend-accounts.js';
import { ExtendReceipts1795430000014 } from './1795430000014-extend-receipts.js';
import { CreateOutboxAndMails1795430000015 } from './1795430000015-create-outbox-and-mails.js';
import { CreateWebhooks1795430000016 } from './1795430000016-create-webhooks.js';
import { CreateAdmin1795430000017 } from './1795430000017-create-admin.js';
import { IndexRemovedDomains1795430000018 } from './1795430000018-index-removed-domains.js';
import { NameLimits1795430000019 } from './1795430000019-name-limits.js';
import { AddAccountLanguage1795430000020 } from './1795430000020-add-account-language.js';
import { CreateMailRefusals1795430000021 } from './1795430000021-create-mail-refusals.js';
import { CreateSessions1795430000023 } from './1795430000023-create-sessions.js';
import { CreateSecondFactors1795430000024 } from './1795430000024-create-second-factors.js';
import { CreateSetupLinks1795430000025 } from './1795430000025-create-setup-links.js';
import { AddDomainPolicy1795430000026 } from './1795430000026-add-domain-policy.js';
import { CreateDomainImages1795430000027 } from './1795430000027-create-domain-images.js';
import { AddDomainLook1795430000028 } from './1795430000028-add-domain-look.js';
import { CreateServingLogins1795430000029 } from './1795430000029-create-serving-logins.js';
import { CreateTicketKeys1795430000031 } from './1795430000031-create-ticket-keys.js';
import { IndexEndedClaims1795430000032 } from './1795430000032-index-ended-claims.js';
import { CreatePurges1795430000035 } from './1795430000035-create-purges.js';
import { AddDelegation1795430000038 } from './1795430000038-add-delegation.js';
import { AddDomainSetup1795430000039 } from './1795430000039-add-domain-setup.js';
import { CreateDomainTransfers1795430000040 } from './1795430000040-create-domain-transfers.js';
import { CreateDomainMoves1795430000041 } from './1795430000041-create-domain-moves.js';
import { IndexSecretAges1795430000047 } from './1795430000047-index-secret-ages.js';
import { NoteStandingChallenges1795430000052 } from './1795430000052-note-standing-challenges.js';
import { PairDomains1795430000042 } from './1795430000042-pair-domains.js';
import { NoteSilentMoves1795430000043 } from './1795430000043-note-silent-moves.js';
import { AddAcmeOffers1795430000046 } from './1795430000046-add-acme-offers.js';

/** Every migration in the order in which it is applied. One that has landed is never edited. */
export const MIGRATIONS = [
  CreateAccounts1795430000000,
  CreateSecrets1795430000001,
  CreateDomains1795430000002,
  CreateCertificates1795430000003,
  AddPassphraseRule1795430000004,
  CreateHealthChecks1795430000005,
  CreateLimits1795430000006,
  IndexRecurringWork1795430000008,
  CreateCaFailures1795430000007,
  IndexMetrics1795430000009,
  CreatePresses1795430000011,
  ExtendAccounts1795430000013,
  ExtendReceipts1795430000014,
  CreateOutboxAndMails1795430000015,
  CreateWebhooks1795430000016,
  CreateAdmin1795430000017,
  IndexRemovedDomains1795430000018,
  NameLimits1795430000019,
  AddAccountLanguage1795430000020,
  CreateMailRefusals1795430000021,
  CreateSessions1795430000023,
  CreateSecondFactors1795430000024,
  CreateSetupLinks1795430000025,
  AddDomainPolicy1795430000026,
  CreateDomainImages1795430000027,
  AddDomainLook1795430000028,
  CreateServingLogins1795430000029,
  CreateTicketKeys1795430000031,
  IndexEndedClaims1795430000032,
  CreatePurges1795430000035,
  AddDelegation1795430000038,
  AddDomainSetup1795430000039,
  CreateDomainTransfers1795430000040,
  CreateDomainMoves1795430000041,
  PairDomains1795430000042,
  NoteSilentMoves1795430000043,
  AddAcmeOffers1795430000046,
  IndexSecretAges1795430000047,
  NoteStandingChallenges1795430000052,
];

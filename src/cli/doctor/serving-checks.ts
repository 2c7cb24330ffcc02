import type { DataSource } from 'typeorm';
import { comparePrivileges, tooOpenTables } from '../../database/serving-login.js';
import { bad, good, note, type Finding } from './finding.js';

const NAMED_MAX = 5;

/** Of a process with GATEWAY_ROLE=serve: its login owns nothing, and has the privileges of the list alone. */
export async function checkServingLogin(database: DataSource): Promise<Finding[]> {
  const [{ login, isOwner }] = await database.query<[{ login: string; isOwner: boolean }]>(
    `select current_user as login, pg_has_role(datdba, 'member') as "isOwner"
     from pg_database where datname = current_database()`,
  );
  const grant = `gateway migrate --grant-serve ${login}, with the login of the owner`;
  if (isOwner)
    return [
      bad(
        `the login ${login} owns the database, or is a member of the owner, so it may do everything`,
        'give this process a login of its own: create a role, and run gateway migrate --grant-serve ROLE with the login of the owner',
      ),
    ];
  const { excess, missing } = await comparePrivileges(database.manager, login);
  const open = await tooOpenTables(database);
  const findings = [
    ...(missing.length === 0
      ? []
      : [bad(`the login ${login} lacks ${namesIn(missing)}`, `run ${grant}`)]),
    ...(excess.length === 0 ? [] : [excessFinding(login, { excess, open, grant })]),
  ];
  return findings.length > 0
    ? findings
    : [good(`the login ${login} may do what a process that serves needs, and nothing else`)];
}

function excessFinding(
  login: string,
  {
    excess,
    open,
    grant,
  }: {
    readonly excess: readonly string[];
    readonly open: readonly string[];
    readonly grant: string;
  },
): Finding {
  const found = `the login ${login} may do more than it needs: ${namesIn(excess)}`;
  const action = `run ${grant}; what then is left comes from PUBLIC or another role: revoke it there`;
  // A gateway does not start with such a login.
  return open.length > 0 ? bad(found, action) : note(found, action);
}

function namesIn(privileges: readonly string[]): string {
  const more = privileges.length - NAMED_MAX;
  return privileges.slice(0, NAMED_MAX).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

/** What only a process that works needs, and what this login cannot see. */
export function notServed(): Promise<Finding[]> {
  const found =
    'CAs, certificates and mails are not looked at: a process that only serves has no part in them';
  const action =
    'run the doctor with the configuration of a process with GATEWAY_ROLE all or work, too';
  return Promise.resolve([note(found, action)]);
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A release without it that takes over such an order may try another challenge: at most one attempt fails. */
export class NoteStandingChallenges1795430000052 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // A challenge without a token has its URL in its place. The table is small: orders in progress.
    await queryRunner.query(`
      alter table acme_challenges
        drop constraint acme_challenges_type_check,
        add constraint acme_challenges_type_check
          check (type in ('http-01', 'tls-alpn-01', 'dns-01', 'dns-persist-01'))
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`delete from acme_challenges where type = 'dns-persist-01'`);
    await queryRunner.query(`
      alter table acme_challenges
        drop constraint acme_challenges_type_check,
        add constraint acme_challenges_type_check
          check (type in ('http-01', 'tls-alpn-01', 'dns-01'))
    `);
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateDomainImages1795430000027 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // `version` is a hash of the bytes. `small` is an icon in the size of a browser's tab.
    await queryRunner.query(`
      create table domain_images (
        domain_id uuid not null,
        kind text not null,
        version text not null,
        width integer not null,
        height integer not null,
        bytes bytea not null,
        small bytea,
        updated_at timestamptz not null default now(),
        constraint domain_images_pkey primary key (domain_id, kind),
        constraint domain_images_domain_id_fkey
          foreign key (domain_id) references domains (id) on delete cascade,
        constraint domain_images_kind_check check (kind in ('logo', 'logo-dark', 'icon')),
        constraint domain_images_small_check check ((small is not null) = (kind = 'icon'))
      )
    `);
    // They are compressed in themselves.
    await queryRunner.query(
      'alter table domain_images alter column bytes set storage external, alter column small set storage external',
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table domain_images');
  }
}

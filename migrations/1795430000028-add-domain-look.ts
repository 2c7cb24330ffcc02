import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AddDomainLook1795430000028 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // Only what the owner has set; see DomainLook.
    await queryRunner.query(`
      alter table domains add column look jsonb not null default '{}'
        constraint domains_look_check check (jsonb_typeof(look) = 'object')
    `);
    await queryRunner.query(`
      update domains set look = jsonb_build_object('images', images.facts)
      from (
        select domain_id, jsonb_object_agg(kind,
          jsonb_build_object('version', version, 'width', width, 'height', height)) as facts
        from domain_images group by domain_id
      ) as images
      where images.domain_id = domains.id
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table domains drop column look');
  }
}

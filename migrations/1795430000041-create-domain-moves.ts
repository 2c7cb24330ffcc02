import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateDomainMoves1795430000041 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // Null: an offer to an account of this region.
    await queryRunner.query('alter table domain_transfers add column region text');
    // Until then the name needs no proof of its own, and its certificate is ordered although it leads to another region.
    await queryRunner.query('alter table domains add column vouched_until timestamptz');
    await queryRunner.query(`
      alter table domains drop constraint domains_proof_method_check,
        add constraint domains_proof_method_check check (proof_method in ('txt', 'cname', 'transfer')) not valid`);
    await queryRunner.query('alter table domains validate constraint domains_proof_method_check');
    // The id is the receiving region's; both have a row. code_hash: of the code that a receiver may enter again.
    await queryRunner.query(`
      create table domain_moves (
        id uuid not null,
        direction text not null,
        domain_id uuid not null,
        region text not null,
        state text not null,
        peer_state text,
        code_hash bytea,
        created_at timestamptz not null default now(),
        expires_at timestamptz not null,
        next_look_at timestamptz not null default now(),
        constraint domain_moves_pkey primary key (id),
        constraint domain_moves_direction_check check (direction in ('in', 'out')),
        constraint domain_moves_state_check
          check (state in ('asking', 'open', 'done', 'cancelled', 'expired')),
        constraint domain_moves_domain_id_fkey
          foreign key (domain_id) references domains (id) on delete cascade
      )
    `);
    await queryRunner.query(
      `create unique index domain_moves_open_key on domain_moves (domain_id) where state in ('asking', 'open')`,
    );
    await queryRunner.query('create index domain_moves_domain_id_idx on domain_moves (domain_id)');
    await queryRunner.query(
      'create index domain_moves_code_hash_idx on domain_moves (code_hash) where code_hash is not null',
    );
    await queryRunner.query(
      `create index domain_moves_next_look_at_idx on domain_moves (next_look_at) where state in ('asking', 'open')`,
    );
    await queryRunner.query(
      'create index domain_moves_expires_at_idx on domain_moves (expires_at)',
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table domain_moves');
    await queryRunner.query(
      `update domains set proof_method = null where proof_method = 'transfer'`,
    );
    await queryRunner.query(`
      alter table domains drop constraint domains_proof_method_check,
        add constraint domains_proof_method_check check (proof_method in ('txt', 'cname'))`);
    await queryRunner.query('alter table domains drop column vouched_until');
    await queryRunner.query('alter table domain_transfers drop column region');
  }
}

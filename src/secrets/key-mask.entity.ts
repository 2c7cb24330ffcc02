import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The mask of the region's keys: the only row of its table, inserted by the migration. */
@Entity('key_masks')
export class KeyMaskEntity {
  @PrimaryColumn('boolean', { name: 'is_only' })
  isOnly!: boolean;

  /** 32 random bytes. */
  @Column('bytea')
  mask!: Buffer;
}

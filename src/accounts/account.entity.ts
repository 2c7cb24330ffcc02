import {
  Column,
  CreateDateColumn,
  Entity,
  PrimaryGeneratedColumn,
  UpdateDateColumn,
} from 'typeorm';
import type { AccountId, AccountState } from './account.js';
import type { AccountPlan } from './plans.js';
import type { Language } from '../shared/language.js';

@Entity('accounts')
export class AccountEntity {
  @PrimaryGeneratedColumn('uuid')
  id!: AccountId;

  @Column('text')
  email!: string;

  /** See EmailKey. Unique by the constraint `accounts_email_key`. */
  @Column('text', { name: 'email_key' })
  emailKey!: string;

  @Column('text')
  plan!: AccountPlan;

  @Column('text', { default: 'active' })
  state!: AccountState;

  /** Of mails to its address; null: the default. */
  @Column('text', { nullable: true })
  language!: Language | null;

  /** When its removal began; null: it has not. */
  @Column('timestamptz', { name: 'closing_at', nullable: true })
  closingAt!: Date | null;

  @CreateDateColumn({ type: 'timestamptz', name: 'created_at' })
  createdAt!: Date;

  @UpdateDateColumn({ type: 'timestamptz', name: 'updated_at' })
  updatedAt!: Date;
}

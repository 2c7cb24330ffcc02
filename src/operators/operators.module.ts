import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AdminAuditEntity } from './admin-audit.entity.js';
import { AdminAuditService } from './admin-audit.service.js';
import { AdminKeyEntity } from './admin-key.entity.js';
import { AdminKeyStore } from './admin-key.store.js';
import { AdminKeysService } from './admin-keys.service.js';

// What this room knows: the keys of the operator's API, and the trail of what was done by them.
// What it must not know: requests, and what an operation does.
@Module({
  imports: [TypeOrmModule.forFeature([AdminKeyEntity, AdminAuditEntity])],
  providers: [AdminKeyStore, AdminKeysService, AdminAuditService],
  exports: [AdminKeysService, AdminAuditService],
})
export class OperatorsModule {}

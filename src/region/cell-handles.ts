import { Injectable } from '@nestjs/common';
import { AdminApi } from '../admin/admin-api.js';
import { CertificatesService } from '../certificates/certificates.service.js';
import { DatabaseHealth } from '../database/database-health.js';
import { CellNames } from './cell-names.js';
import { ProxyCertificatePolicy } from './proxy-certificate-policy.js';

/** The providers of a cell that are called from outside its Nest application. */
@Injectable()
export class CellHandles {
  constructor(
    readonly names: CellNames,
    readonly proxyCertificates: ProxyCertificatePolicy,
    readonly health: DatabaseHealth,
    readonly certificates: CertificatesService,
    readonly admin: AdminApi,
  ) {}
}

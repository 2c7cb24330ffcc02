import { Module } from '@nestjs/common';
import { CellConfig } from '../config/cell-config.js';
import { DomainsModule } from '../domains/domains.module.js';
import { Branding } from './branding.js';
import { HostBrand } from './host-brand.js';
import { DomainImages } from './images/domain-images.js';

// What this room knows: how a tenant looks and what it says, from what its owner or the operator has set.
// What it must not know: pages, mails, or the wire of the API.

@Module({
  imports: [DomainsModule],
  providers: [
    Branding,
    DomainImages,
    {
      provide: HostBrand,
      useFactory: ({ host, brandFile }: CellConfig) => HostBrand.load(host, brandFile),
      inject: [CellConfig],
    },
  ],
  exports: [Branding, DomainImages, HostBrand],
})
export class BrandModule {}

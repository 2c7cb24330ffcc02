import { Module } from '@nestjs/common';
import { DomainImages } from './domain-images.js';

/** The logos and icons of domains. */
@Module({ providers: [DomainImages], exports: [DomainImages] })
export class ImagesModule {}

import type { DataSource } from 'typeorm';
import type { Config } from '../../config/config.js';
import type { RegionConfig } from '../../config/region-config.js';

/** What the checks of one region look at. */
export interface DoctoredRegion {
  readonly config: Config;
  readonly own: RegionConfig;
  readonly database: DataSource;
}

import { FLOODS, type Flood, type FloodName, type FloodTarget } from './flood-kinds.js';
import { FRAME_FLOODS } from './frame-floods.js';

export type AnyFlood = FloodName | keyof typeof FRAME_FLOODS;

export const FLOOD_OF: Readonly<Record<AnyFlood, Flood>> = { ...FLOODS, ...FRAME_FLOODS };
export const ALL_FLOODS = Object.keys(FLOOD_OF) as AnyFlood[];

/** Floods side by side: so many connections or streams a second, held as long as the server lets them. */
export interface FloodLoad extends Omit<FloodTarget, 'address'> {
  readonly names: readonly AnyFlood[];
  /** How many networks the connections come from, in turn. With one it is one address. */
  readonly networks: number;
  /** Of the rate that each has, and of the most that it holds. */
  readonly share: number;
  readonly seconds: number;
}

export interface Flooded {
  readonly opened: number;
  /** The most that were open at once. */
  readonly held: number;
}

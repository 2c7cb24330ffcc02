/** Why an image is not taken: the `reason` of the AppError. */
export type ImageRefusal =
  | 'IMAGE_MISSING'
  | 'IMAGE_TOO_LARGE'
  | 'IMAGE_FORMAT'
  | 'IMAGE_ANIMATED'
  | 'IMAGE_PIXELS'
  | 'IMAGE_SLOW'
  | 'IMAGE_DAMAGED';

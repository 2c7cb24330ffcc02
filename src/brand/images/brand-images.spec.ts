import { brandImages, readImageName, tabIconPath } from './brand-images.js';

const facts = { version: '0123456789abcdef', width: 120, height: 40 };

describe(brandImages.name, () => {
  it('has the images that are stored, each at a path with its version', () => {
    expect(brandImages({ logo: facts, icon: { ...facts, width: 180, height: 180 } })).toEqual({
      logo: { path: '/brand/logo-0123456789abcdef.png', width: 120, height: 40 },
      logoDark: null,
      icon: { path: '/brand/icon-0123456789abcdef.png', width: 180, height: 180 },
    });
    expect(brandImages({})).toEqual({ logo: null, logoDark: null, icon: null });
  });

  it('has paths that readImageName() reads', () => {
    const { logoDark, icon } = brandImages({ 'logo-dark': facts, icon: facts });
    const { version } = facts;
    const nameOf = (path = '') => readImageName(path.replace('/brand/', ''));
    expect(nameOf(logoDark?.path)).toEqual({ kind: 'logo-dark', version, isSmall: false });
    expect(nameOf(icon?.path)).toEqual({ kind: 'icon', version, isSmall: false });
    expect(nameOf(icon ? tabIconPath(icon) : '')).toEqual({ kind: 'icon', version, isSmall: true });
  });

  it.each([
    '',
    'logo.png',
    'logo-0123456789abcdef-32.png',
    'logo-0123.png',
    'other-0123456789abcdef.png',
  ])('has no image of the name %j', (name) => expect(readImageName(name)).toBeNull());
});

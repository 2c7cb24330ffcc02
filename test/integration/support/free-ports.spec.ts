import { jest } from '@jest/globals';
import { freePorts } from '../../../demo/free-ports.js';

describe(freePorts, () => {
  it('never gives a port again, which may not be listened on yet', async () => {
    const random = jest.spyOn(Math, 'random').mockReturnValueOnce(0.5).mockReturnValueOnce(0.5);
    try {
      const [one] = await freePorts(1);
      const [other] = await freePorts(1);
      expect(other).not.toBe(one);
    } finally {
      random.mockRestore();
    }
  });
});

/** When we asked and when we had the answer, on this device's clock (ms). */
export interface RoundTrip {
  sent: number;
  received: number;
}

/**
 * The server's clock, as far as its answers let us know it. The device's own may be minutes wrong.
 *
 * Each answer puts the difference between two bounds, and together they narrow it down. An answer that
 * contradicts the earlier ones means that the device's clock was set: the newer one is right.
 */
export class ServerClock {
  private low = -Infinity;
  private high = Infinity;

  /** Learn from a time that the server told; it is exact, or cut off to `coarseMs`. */
  learn(serverTime: number, { sent, received }: RoundTrip, coarseMs = 0): void {
    if (Number.isNaN(serverTime)) return;
    const low = serverTime - received;
    const high = serverTime + coarseMs - sent;
    const agrees = low <= this.high && high >= this.low;
    this.low = agrees ? Math.max(low, this.low) : low;
    this.high = agrees ? Math.min(high, this.high) : high;
  }

  /** Server time minus device time in ms; 0 while nothing is known. */
  get difference(): number {
    return Number.isFinite(this.low) ? (this.low + this.high) / 2 : 0;
  }

  /** The time on the server, in ms since 1970. */
  now(): number {
    return Date.now() + this.difference;
  }
}

let turn: Promise<void> | undefined;

/**
 * Resolves at the end of this turn of the event loop, for all who wait for it at once: the messages that they then send
 * share one write to the socket, which is the dearest part of a message.
 */
export function endOfTurn(): Promise<void> {
  turn ??= new Promise((resolve) => {
    setImmediate(() => {
      turn = undefined;
      resolve();
    });
  });
  return turn;
}

// @ts-check
/** Loaded before a program that runInTerminal() starts: the program stops when its starter dies. */
if (process.channel) {
  process.once('disconnect', () => {
    process.kill(process.pid, 'SIGTERM');
    setTimeout(() => process.exit(1), 15_000).unref();
  });
  // The channel alone must not keep a finished program alive.
  process.channel.unref();
}

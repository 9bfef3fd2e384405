// naudiodon asks for segfault-handler, a nan addon that cannot load in a worker thread and only prints stack traces.
module.exports = { registerHandler() {}, causeSegfault() {} };

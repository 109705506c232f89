/* Where the messages of a benchmark flow arrive: the first thing behind the node that is measured. */
module.exports = function (RED) {
  function BenchSink(config) {
    RED.nodes.createNode(this, config);
    this.on("input", (msg, _send, done) => {
      process.emit("bench:message", msg);
      done();
    });
  }
  RED.nodes.registerType("bench-sink", BenchSink);
};

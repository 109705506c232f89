/* Where the commands of a benchmark flow come from: each of its outputs leads to the node of one device. */
module.exports = function (RED) {
  function BenchSource(config) {
    RED.nodes.createNode(this, config);
    const command = (index, payload) => {
      const outputs = [];
      outputs[index] = { payload };
      this.send(outputs);
    };
    process.on("bench:command", command);
    this.on("close", () => process.off("bench:command", command));
  }
  RED.nodes.registerType("bench-source", BenchSource);
};

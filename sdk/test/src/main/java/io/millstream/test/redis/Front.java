package io.millstream.test.redis;

import io.millstream.engine.memory.InMemoryServer;

/**
 * What all connections share.
 *
 * @param server where the keys are
 * @param databases its databases
 * @param clients who is connected
 * @param statistics what INFO counts
 * @param channels who listens to what
 * @param dispatcher what runs requests
 */
record Front(
    InMemoryServer server,
    Databases databases,
    Clients clients,
    Statistics statistics,
    Channels channels,
    Dispatcher dispatcher) {
  static Front of(InMemoryServer server) {
    Databases databases = new Databases(server);
    Clients clients = new Clients();
    Statistics statistics = new Statistics();
    Channels channels = new Channels();
    Config config = new Config(server);
    CommandTable table = new CommandTable();
    Dispatcher dispatcher = new Dispatcher(table, statistics, channels);
    new ConnectionCommands(channels).addTo(table);
    new ClientCommands(clients, channels, server).addTo(table);
    new ServerCommands(server, table).addTo(table);
    new InfoCommand(server, databases, clients, channels, statistics).addTo(table);
    new ConfigCommands(config, statistics).addTo(table);
    new KeyCommands().addTo(table);
    new ValueCommands().addTo(table);
    new StreamCommands().addTo(table);
    new ReadCommands().addTo(table);
    new GroupCommands().addTo(table);
    new ClaimCommands().addTo(table);
    new XInfoCommands().addTo(table);
    new DumpCommands().addTo(table);
    new TransactionCommands(server, dispatcher).addTo(table);
    new ScriptCommands().addTo(table);
    new PubSubCommands(server, channels).addTo(table);
    return new Front(server, databases, clients, statistics, channels, dispatcher);
  }
}

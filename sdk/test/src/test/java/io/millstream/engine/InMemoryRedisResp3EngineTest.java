package io.millstream.engine;

import io.lettuce.core.protocol.ProtocolVersion;
import org.junit.jupiter.api.Nested;

/** The Lettuce engine on the Redis in memory keeps the contracts under RESP3. */
class InMemoryRedisResp3EngineTest {
  @Nested
  class Streams extends StreamContract {
    Streams() {
      super(() -> new InMemoryRedisFixture(ProtocolVersion.RESP3));
    }
  }

  @Nested
  class Groups extends GroupContract {
    Groups() {
      super(() -> new InMemoryRedisFixture(ProtocolVersion.RESP3));
    }
  }

  @Nested
  class Reads extends ReadContract {
    Reads() {
      super(() -> new InMemoryRedisFixture(ProtocolVersion.RESP3));
    }
  }

  @Nested
  class BlockingReads extends BlockingContract {
    BlockingReads() {
      super(() -> new InMemoryRedisFixture(ProtocolVersion.RESP3));
    }
  }

  @Nested
  class Pending extends PendingContract {
    Pending() {
      super(() -> new InMemoryRedisFixture(ProtocolVersion.RESP3));
    }
  }

  @Nested
  class Claims extends ClaimContract {
    Claims() {
      super(() -> new InMemoryRedisFixture(ProtocolVersion.RESP3));
    }
  }

  @Nested
  class AutoClaims extends AutoClaimContract {
    AutoClaims() {
      super(() -> new InMemoryRedisFixture(ProtocolVersion.RESP3));
    }
  }

  @Nested
  class Info extends InfoContract {
    Info() {
      super(() -> new InMemoryRedisFixture(ProtocolVersion.RESP3));
    }
  }

  @Nested
  class Steps extends AtomicStepsContract {
    Steps() {
      super(() -> new InMemoryRedisFixture(ProtocolVersion.RESP3));
    }
  }

  @Nested
  class TakeOvers extends TakeOverContract {
    TakeOvers() {
      super(() -> new InMemoryRedisFixture(ProtocolVersion.RESP3));
    }
  }

  @Nested
  class DeadLetters extends DeadLetterContract {
    DeadLetters() {
      super(() -> new InMemoryRedisFixture(ProtocolVersion.RESP3));
    }
  }

  @Nested
  class Conventions extends ConventionsContract {
    Conventions() {
      super(() -> new InMemoryRedisFixture(ProtocolVersion.RESP3));
    }
  }

  @Nested
  class Admin extends AdminContract {
    Admin() {
      super(() -> new InMemoryRedisFixture(ProtocolVersion.RESP3));
    }
  }
}

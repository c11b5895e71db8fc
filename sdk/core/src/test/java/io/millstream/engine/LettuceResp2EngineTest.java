package io.millstream.engine;

import io.lettuce.core.protocol.ProtocolVersion;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** The Lettuce engine keeps the contracts under RESP2. */
@Tag("redis")
class LettuceResp2EngineTest {
  @Nested
  class Streams extends StreamContract {
    Streams() {
      super(() -> new LettuceFixture(ProtocolVersion.RESP2));
    }
  }

  @Nested
  class Groups extends GroupContract {
    Groups() {
      super(() -> new LettuceFixture(ProtocolVersion.RESP2));
    }
  }

  @Nested
  class Reads extends ReadContract {
    Reads() {
      super(() -> new LettuceFixture(ProtocolVersion.RESP2));
    }
  }

  @Nested
  class BlockingReads extends BlockingContract {
    BlockingReads() {
      super(() -> new LettuceFixture(ProtocolVersion.RESP2));
    }
  }

  @Nested
  class Pending extends PendingContract {
    Pending() {
      super(() -> new LettuceFixture(ProtocolVersion.RESP2));
    }
  }

  @Nested
  class Claims extends ClaimContract {
    Claims() {
      super(() -> new LettuceFixture(ProtocolVersion.RESP2));
    }
  }

  @Nested
  class AutoClaims extends AutoClaimContract {
    AutoClaims() {
      super(() -> new LettuceFixture(ProtocolVersion.RESP2));
    }
  }

  @Nested
  class Info extends InfoContract {
    Info() {
      super(() -> new LettuceFixture(ProtocolVersion.RESP2));
    }
  }

  @Nested
  class Steps extends AtomicStepsContract {
    Steps() {
      super(() -> new LettuceFixture(ProtocolVersion.RESP2));
    }
  }

  @Nested
  class TakeOvers extends TakeOverContract {
    TakeOvers() {
      super(() -> new LettuceFixture(ProtocolVersion.RESP2));
    }
  }

  @Nested
  class DeadLetters extends DeadLetterContract {
    DeadLetters() {
      super(() -> new LettuceFixture(ProtocolVersion.RESP2));
    }
  }

  @Nested
  class SignalsHeard extends SignalsContract {
    SignalsHeard() {
      super(() -> new LettuceFixture(ProtocolVersion.RESP2));
    }
  }

  @Nested
  class Conventions extends ConventionsContract {
    Conventions() {
      super(() -> new LettuceFixture(ProtocolVersion.RESP2));
    }
  }

  @Nested
  class Admin extends AdminContract {
    Admin() {
      super(() -> new LettuceFixture(ProtocolVersion.RESP2));
    }
  }
}

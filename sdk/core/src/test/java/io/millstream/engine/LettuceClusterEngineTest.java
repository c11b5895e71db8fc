package io.millstream.engine;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** The Lettuce engine keeps the contracts on a cluster of three masters. */
@Tag("redis")
class LettuceClusterEngineTest {
  @Nested
  class Streams extends StreamContract {
    Streams() {
      super(() -> new LettuceClusterFixture());
    }
  }

  @Nested
  class Groups extends GroupContract {
    Groups() {
      super(() -> new LettuceClusterFixture());
    }
  }

  @Nested
  class Reads extends ReadContract {
    Reads() {
      super(() -> new LettuceClusterFixture());
    }
  }

  @Nested
  class BlockingReads extends BlockingContract {
    BlockingReads() {
      super(() -> new LettuceClusterFixture());
    }
  }

  @Nested
  class Pending extends PendingContract {
    Pending() {
      super(() -> new LettuceClusterFixture());
    }
  }

  @Nested
  class Claims extends ClaimContract {
    Claims() {
      super(() -> new LettuceClusterFixture());
    }
  }

  @Nested
  class AutoClaims extends AutoClaimContract {
    AutoClaims() {
      super(() -> new LettuceClusterFixture());
    }
  }

  @Nested
  class Info extends InfoContract {
    Info() {
      super(() -> new LettuceClusterFixture());
    }
  }

  @Nested
  class Steps extends AtomicStepsContract {
    Steps() {
      super(() -> new LettuceClusterFixture());
    }
  }

  @Nested
  class TakeOvers extends TakeOverContract {
    TakeOvers() {
      super(() -> new LettuceClusterFixture());
    }
  }

  @Nested
  class DeadLetters extends DeadLetterContract {
    DeadLetters() {
      super(() -> new LettuceClusterFixture());
    }
  }

  @Nested
  class SignalsHeard extends SignalsContract {
    SignalsHeard() {
      super(() -> new LettuceClusterFixture());
    }
  }

  @Nested
  class Conventions extends ConventionsContract {
    Conventions() {
      super(() -> new LettuceClusterFixture());
    }
  }
}

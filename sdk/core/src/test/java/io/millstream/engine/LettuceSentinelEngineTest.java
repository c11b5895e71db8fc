package io.millstream.engine;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** The Lettuce engine keeps the contracts through Sentinels. */
@Tag("redis")
class LettuceSentinelEngineTest {
  @Nested
  class Streams extends StreamContract {
    Streams() {
      super(() -> LettuceFixture.throughSentinels());
    }
  }

  @Nested
  class Groups extends GroupContract {
    Groups() {
      super(() -> LettuceFixture.throughSentinels());
    }
  }

  @Nested
  class Reads extends ReadContract {
    Reads() {
      super(() -> LettuceFixture.throughSentinels());
    }
  }

  @Nested
  class BlockingReads extends BlockingContract {
    BlockingReads() {
      super(() -> LettuceFixture.throughSentinels());
    }
  }

  @Nested
  class Pending extends PendingContract {
    Pending() {
      super(() -> LettuceFixture.throughSentinels());
    }
  }

  @Nested
  class Claims extends ClaimContract {
    Claims() {
      super(() -> LettuceFixture.throughSentinels());
    }
  }

  @Nested
  class AutoClaims extends AutoClaimContract {
    AutoClaims() {
      super(() -> LettuceFixture.throughSentinels());
    }
  }

  @Nested
  class Info extends InfoContract {
    Info() {
      super(() -> LettuceFixture.throughSentinels());
    }
  }

  @Nested
  class Steps extends AtomicStepsContract {
    Steps() {
      super(() -> LettuceFixture.throughSentinels());
    }
  }

  @Nested
  class TakeOvers extends TakeOverContract {
    TakeOvers() {
      super(() -> LettuceFixture.throughSentinels());
    }
  }

  @Nested
  class DeadLetters extends DeadLetterContract {
    DeadLetters() {
      super(() -> LettuceFixture.throughSentinels());
    }
  }

  @Nested
  class SignalsHeard extends SignalsContract {
    SignalsHeard() {
      super(() -> LettuceFixture.throughSentinels());
    }
  }

  @Nested
  class Conventions extends ConventionsContract {
    Conventions() {
      super(() -> LettuceFixture.throughSentinels());
    }
  }
}

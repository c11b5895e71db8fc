package io.millstream.engine;

import org.junit.jupiter.api.Nested;

/** The in-memory engine keeps the contracts, on real time. */
class InMemoryEngineTest {
  @Nested
  class Streams extends StreamContract {
    Streams() {
      super(InMemoryFixture::new);
    }
  }

  @Nested
  class Groups extends GroupContract {
    Groups() {
      super(InMemoryFixture::new);
    }
  }

  @Nested
  class Reads extends ReadContract {
    Reads() {
      super(InMemoryFixture::new);
    }
  }

  @Nested
  class BlockingReads extends BlockingContract {
    BlockingReads() {
      super(InMemoryFixture::new);
    }
  }

  @Nested
  class Pending extends PendingContract {
    Pending() {
      super(InMemoryFixture::new);
    }
  }

  @Nested
  class Claims extends ClaimContract {
    Claims() {
      super(InMemoryFixture::new);
    }
  }

  @Nested
  class AutoClaims extends AutoClaimContract {
    AutoClaims() {
      super(InMemoryFixture::new);
    }
  }

  @Nested
  class Info extends InfoContract {
    Info() {
      super(InMemoryFixture::new);
    }
  }

  @Nested
  class Steps extends AtomicStepsContract {
    Steps() {
      super(InMemoryFixture::new);
    }
  }

  @Nested
  class TakeOvers extends TakeOverContract {
    TakeOvers() {
      super(InMemoryFixture::new);
    }
  }

  @Nested
  class DeadLetters extends DeadLetterContract {
    DeadLetters() {
      super(InMemoryFixture::new);
    }
  }

  @Nested
  class SignalsHeard extends SignalsContract {
    SignalsHeard() {
      super(InMemoryFixture::new);
    }
  }

  @Nested
  class Conventions extends ConventionsContract {
    Conventions() {
      super(InMemoryFixture::new);
    }
  }

  @Nested
  class Admin extends AdminContract {
    Admin() {
      super(InMemoryFixture::new);
    }
  }
}

package io.millstream.engine;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** The Lettuce engine keeps the contracts as the user "everything" of docs/operations.md. */
@Tag("redis")
class LettuceAclEngineTest {
  @Nested
  class Streams extends StreamContract {
    Streams() {
      super(LettuceFixture::underAcl);
    }
  }

  @Nested
  class Groups extends GroupContract {
    Groups() {
      super(LettuceFixture::underAcl);
    }
  }

  @Nested
  class Reads extends ReadContract {
    Reads() {
      super(LettuceFixture::underAcl);
    }
  }

  @Nested
  class BlockingReads extends BlockingContract {
    BlockingReads() {
      super(LettuceFixture::underAcl);
    }
  }

  @Nested
  class Pending extends PendingContract {
    Pending() {
      super(LettuceFixture::underAcl);
    }
  }

  @Nested
  class Claims extends ClaimContract {
    Claims() {
      super(LettuceFixture::underAcl);
    }
  }

  @Nested
  class AutoClaims extends AutoClaimContract {
    AutoClaims() {
      super(LettuceFixture::underAcl);
    }
  }

  @Nested
  class Info extends InfoContract {
    Info() {
      super(LettuceFixture::underAcl);
    }
  }

  @Nested
  class Steps extends AtomicStepsContract {
    Steps() {
      super(LettuceFixture::underAcl);
    }
  }

  @Nested
  class TakeOvers extends TakeOverContract {
    TakeOvers() {
      super(LettuceFixture::underAcl);
    }
  }

  @Nested
  class DeadLetters extends DeadLetterContract {
    DeadLetters() {
      super(LettuceFixture::underAcl);
    }
  }

  @Nested
  class SignalsHeard extends SignalsContract {
    SignalsHeard() {
      super(LettuceFixture::underAcl);
    }
  }

  @Nested
  class Conventions extends ConventionsContract {
    Conventions() {
      super(LettuceFixture::underAcl);
    }
  }

  @Nested
  class Admin extends AdminContract {
    Admin() {
      super(LettuceFixture::underAcl);
    }
  }
}
